//! Who asks, and what they may see: values that the schema reads and HTTP fills in.

pub mod audit;
mod role;
mod viewer;

pub use role::Role;
pub use viewer::Viewer;
