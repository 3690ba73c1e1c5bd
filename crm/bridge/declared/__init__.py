"""Names agreed with the technologists that rows do not implement yet: YAML may use them already.

The Vocabulary is what is implemented together with these pages. A flow or a transition that needs
a name of these pages alone is not offered on this plant (`crm.bridge.offered`). A name leaves its
page when its operation, fact or rows are written. The numbers are sections of the plant's rules."""
