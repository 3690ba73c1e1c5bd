"""Whatever is written or sent: a finding or a refusal, within a second and 256 MB."""
