/** Images that one question may wait for: more than a window holds with what lies around it. */
export const mostAwaited = 200;
