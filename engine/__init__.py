"""The engine: reads YAML, decides, talks Telegram. Knows no plant and no Django."""
