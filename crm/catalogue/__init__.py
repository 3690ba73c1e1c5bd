"""Reference data that people choose from: companies, suppliers, materials, nomenclature."""
