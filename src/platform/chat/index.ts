export { SlackSocket } from './slack-socket.ts';
export { SlackClient, type ChatMessage, type PostedMessage, type SlackUser } from './slack-client.ts';
