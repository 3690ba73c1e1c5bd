"""The only door to aiogram: updates in, screens and letters out.

`bot` starts everything, `polling` reads updates, `router` hands them over, `inbox` reads them,
`answering` does one turn, `screen` and `post` show, `sender` delivers the outbox, `door` keeps
Telegram's limits."""
