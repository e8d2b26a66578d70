//! Orders as a supervisor asks for them.

use millwright_model::*;

use crate::common::*;

fn numbers(orders: Vec<WorkOrder>) -> Vec<u128> {
    orders.iter().map(|order| order.work_order_id.0.as_u128()).collect()
}

#[tokio::test]
async fn late_unassigned_begun_and_waiting_orders_are_told_apart() {
    let store = Store::new().await;
    let person = Some(PersonId(uuid::Uuid::from_u128(21)));
    let late = |number, due, status| WorkOrder {
        due_at: Some(TimestampMs(due)),
        assignee_id: person,
        ..work_order(number, status)
    };
    let held = WorkOrder {
        hold_cause: Some(HoldCause::Part),
        assignee_id: person,
        ..work_order(4, WorkOrderStatus::OnHold)
    };
    // What it waited for once is kept; it goes on all the same.
    let goes_on = WorkOrder { status: WorkOrderStatus::InProgress, ..held.clone() };
    let goes_on = WorkOrder { work_order_id: WorkOrderId(uuid::Uuid::from_u128(5)), ..goes_on };
    put(
        &store,
        &[
            late(1, 90, WorkOrderStatus::Released),
            late(2, 50, WorkOrderStatus::Planned),
            late(3, 10, WorkOrderStatus::Completed),
            held,
            goes_on,
            late(6, 100, WorkOrderStatus::Released),
            work_order(7, WorkOrderStatus::Released),
            work_order(8, WorkOrderStatus::Cancelled),
        ],
    )
    .await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(numbers(session.late_orders(TimestampMs(100), 10).await.unwrap()), [2, 1]);
    assert_eq!(numbers(session.unassigned_orders(10).await.unwrap()), [7]);
    assert_eq!(numbers(session.orders_waiting_for_parts(10).await.unwrap()), [4]);
    assert_eq!(numbers(session.begun_orders(10).await.unwrap()), [5, 4]);
}

#[tokio::test]
async fn urgent_orders_that_nobody_is_to_do_are_found_and_nothing_else() {
    let store = Store::new().await;
    let fresh = |number, priority| WorkOrder {
        priority,
        local_number: Some(format!("D1-{number}")),
        created_at: TimestampMs(2_000_000_000_000),
        ..work_order(number, WorkOrderStatus::Released)
    };
    let due = OccasionDue::Meter(500.0);
    let occasion = PlanOccasion { maintenance_plan_id: MaintenancePlanId::default(), due };
    put(
        &store,
        &[
            fresh(1, Priority::High),
            fresh(2, Priority::Emergency),
            fresh(3, Priority::Medium),
            WorkOrder { assignee_id: Some(PersonId(uuid::Uuid::from_u128(21))), ..fresh(4, Priority::High) },
            WorkOrder { status: WorkOrderStatus::InProgress, ..fresh(5, Priority::High) },
            WorkOrder { local_number: None, ..fresh(6, Priority::High) },
            WorkOrder { plan_occasion: Some(occasion), ..fresh(7, Priority::High) },
            WorkOrder { created_at: TimestampMs(1_900_000_000_000), ..fresh(8, Priority::High) },
            // The clock of its device was reset.
            WorkOrder { created_at: TimestampMs(5), ..fresh(9, Priority::High) },
        ],
    )
    .await;
    let mut session = store.database.read().await.unwrap();
    let since = TimestampMs(1_950_000_000_000);
    let mut found =
        async |from, erp_orders| numbers(session.urgent_orders(from, erp_orders, since, 10).await.unwrap());
    assert_eq!(found(Priority::High, false).await, [2, 9, 1]);
    assert_eq!(found(Priority::Emergency, false).await, [2]);
    assert_eq!(found(Priority::High, true).await, [2, 9, 1, 6]);
}
