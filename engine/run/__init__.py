"""The two pure turns and the thin shell around them.

`program` is the compiled form, `advance` a conversation's turn, `move` a lifecycle's transition,
`perform` the shell."""
