//! The real service on a real socket, in front of a simulated Gong or of one that misbehaves; and the
//! organisation against a naive model of it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails should say where"
)]
#![expect(
    unreachable_pub,
    reason = "nothing here is reachable from outside; `pub` says what a module is for"
)]

mod support;

mod company;
mod model;
mod org_model;
mod org_listing;
mod org_filter;
mod org_search;
mod org_fresh;
mod org_agreement;
mod org_identities;
mod org_access;
mod org_sight;
mod org_moves;
mod org_issues;
mod org_stats;
mod org_scale;
mod org_tree;
mod org_lines;
mod org_looks;
mod org_memory;
mod org_chart;
mod org_tree_scale;
mod oracle;

mod companies;
mod walked;
mod users;
mod lines;
mod orphans;
mod snapshots;
mod identities;
mod roles;
mod access;
mod what_if;
mod tree;
mod health;
mod pages;
mod cursors;
mod finding;
mod lookups;
mod bad_input;
mod over_http;
mod depth;
mod documents;
mod cors;
mod caps;
mod cost;
mod probing;
mod publish;
mod limits_page;
mod faults;
mod fault_matrix;
mod chaos;
mod guard;
mod records;
mod parts;
mod repair;
mod restart;
mod day;
mod limits;
mod oauth;
mod subscriptions;
mod org_difference;

mod live;
mod live_faults;

mod store;
mod store_damage;
mod store_kill;

mod sockets;
mod smuggling;
mod concurrency;
mod tls;

mod authentication;
mod command;
mod check;
mod manual;
mod operators;
mod observability;
mod corpus;
mod web;
mod kill;
mod canary;
mod hostile;
mod plans;

mod export;

mod federation;
mod apollo;
mod clients;
mod clients_page;
mod audits;
mod d3;

mod contract;
mod readme;
mod simulator_page;
mod house;
