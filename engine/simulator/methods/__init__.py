"""The methods of the Bot API, by what they do: send, change, serve. Each is a function of the
world and a call."""
