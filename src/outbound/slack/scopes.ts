/** Scopes of the bot token without which Redkey can't work: the manifest asks for them, and whoever installs the app is asked for them. */
export const BOT_SCOPES = ['chat:write', 'commands', 'users:read'] as const
