//! Prices the CDRs of a month by the crate ocpi-tariffs, one after another on one thread, and prints how many had a price and their sum.

use std::{
    env,
    error::Error,
    fs::File,
    io::{BufRead, BufReader},
    time::Instant,
};

use ocpi_tariffs::{Version, cdr, json, price, timezone};
use rust_decimal::Decimal;

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("usage: ocpi-tariffs-month cdrs.ndjson")?;
    let begun = Instant::now();
    let mut input = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut line = String::new();
    let (mut priced, mut sum) = (0_u64, Decimal::ZERO);
    while input.read_line(&mut line)? > 0 {
        if let Some(total) = total(&line) {
            priced += 1;
            sum += total;
        }
        line.clear();
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{{\"priced\": {priced}, \"sum\": \"{}\", \"seconds\": {seconds:.3}}}", sum.normalize());
    Ok(())
}

/// The total before taxes that the crate computes; none where it finds no price.
fn total(text: &str) -> Option<Decimal> {
    let document = json::parse_object(text).ok()?;
    let (cdr, _) = cdr::from_json(document, Version::V221).into_parts();
    let (zone, _) = timezone::find_or_infer(&cdr).ok()?.into_parts();
    let report = cdr::price(&cdr, price::TariffSource::UseCdr, zone.into_timezone()).ok()?;
    let (report, _) = report.into_parts();
    Some(report.total_cost.calculated?.excl_vat.into())
}
