import { Demo } from './demo';
import { OpenShared } from './sharing/open-shared';

export default function DemoPage() {
  return (
    <>
      <Demo />
      <OpenShared />
    </>
  );
}
