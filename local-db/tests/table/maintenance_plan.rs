//! Maintenance plans, and the orders that they raised.

use millwright_model::*;

use crate::common::*;

fn raised(number: u128, plan: u128, status: WorkOrderStatus) -> WorkOrder {
    let maintenance_plan_id = MaintenancePlanId(uuid::Uuid::from_u128(plan));
    let due = OccasionDue::Day(CivilDate::from_days(20_000 + number as i32));
    WorkOrder { plan_occasion: Some(PlanOccasion { maintenance_plan_id, due }), ..work_order(number, status) }
}

#[tokio::test]
async fn a_plan_comes_out_as_it_went_in_until_it_is_given_up() {
    let store = Store::new().await;
    let plan = maintenance_plan(1);
    let ended = MaintenancePlan { ended_at: Some(TimestampMs(9)), ..maintenance_plan(2) };
    let meter = MaintenancePlan {
        asset_id: AssetId(uuid::Uuid::from_u128(9)),
        rhythm: PlanRhythm::Meter {
            every: 500.5,
            source: MeterSource::Reading { name: "Operating hours".into(), unit: "h".into() },
            counted_from: 0.0,
            ahead: 10.0,
        },
        ..maintenance_plan(3)
    };
    put(&store, &[plan.clone(), ended, meter.clone()]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.maintenance_plans(None).await.unwrap(), [plan.clone(), meter]);
    assert_eq!(session.maintenance_plans(Some(plan.asset_id)).await.unwrap(), [plan]);
}

#[tokio::test]
async fn the_orders_of_a_plan_are_its_own_with_open_ones_first() {
    let store = Store::new().await;
    let (done, open) = (raised(1, 7, WorkOrderStatus::Completed), raised(2, 7, WorkOrderStatus::Released));
    let newer = raised(4, 7, WorkOrderStatus::Cancelled);
    let other = raised(3, 8, WorkOrderStatus::Released);
    let by_hand = work_order(5, WorkOrderStatus::Released);
    put(&store, &[done.clone(), open.clone(), other, newer.clone(), by_hand]).await;
    let mut session = store.database.read().await.unwrap();
    let found = session.orders_of_plan(MaintenancePlanId(uuid::Uuid::from_u128(7))).await.unwrap();
    assert_eq!(found, [open, newer, done]);
}
