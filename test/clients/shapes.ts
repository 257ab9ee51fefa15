export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/;
export const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
/** An image that the sandbox has, for a swarm. */
export const ATOMIC = 'Fedora-Atomic-26-20170723.0.x86_64';
/** Labels of the template that the cluster is made from. */
export const LABELS = { kube_tag: 'v1.23.3-rancher1', boot_volume_size: '0' };
