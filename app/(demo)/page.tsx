import { Demo } from './demo';

export default function DemoPage() {
  return <Demo />;
}
