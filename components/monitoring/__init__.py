"""Regular checks of models in use, what rings when one finds something, and a page of pictures."""
