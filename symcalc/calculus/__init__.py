"""A loss becomes its gradient, and the gradient is checked."""
