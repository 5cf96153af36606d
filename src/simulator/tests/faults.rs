//! Scripts, the admin endpoint, and when faults strike.
