"""Pages that carry instructions to a machine, their clean twins, and the model that tells them apart."""
