//! The shape of the company or of a part of it: how many people, how deep, how many under each manager.

mod census;
mod figures;
mod groups;

pub use census::Census;
pub use figures::{Figures, Spans};
pub use groups::{Group, GroupBy};
