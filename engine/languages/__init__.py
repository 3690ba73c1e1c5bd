"""The languages of the people who read: messages in Russian, and catalogues that say them in
another language. Start at `message.Message`; `catalogue.Languages` reads `locales/`."""
