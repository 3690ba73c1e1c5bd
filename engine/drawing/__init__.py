"""Pictures of what the YAML says: flows, lifecycles and the plant as Mermaid text, and as SVG."""
