-- uses: touches, scores, breadth, purchases
-- What ties the two companies beyond their people, one row per account: meetings of executives and of strategies, what
-- the leaders there say, promises and payments kept, years together, product lines bought. What nobody delivered is empty.
select
    accounts.account_id,
    case when logged.has_visits then coalesce(met.n_exec_visits, 0) end as n_exec_visits,
    case when logged.has_visits then coalesce(met.n_exec_both, 0) end as n_exec_both,
    case when logged.has_visits then coalesce(met.n_exec_in, 0) end as n_exec_in,
    met.last_exec_visit,
    case when logged.has_meetings then coalesce(met.n_strategy, 0) end as n_strategy,
    met.last_strategy,
    case when logged.has_meetings then coalesce(yielded.n_deals, 0) end as n_strategy_deals,
    said.recognition,
    coalesce(said.n_leaders, 0) as n_leaders,
    promised.kept as promises_kept,
    coalesce(promised.n, 0) as n_promises,
    paid.in_time as paid_in_time,
    coalesce(paid.n, 0) as n_payments,
    date_diff('day', known.since, cast($as_of as date)) / cast(365.25 as double) as years,
    coalesce(lines.n_lines, 0) as n_lines,
    (select count(distinct product_line) from breadth) as n_lines_all
from accounts
cross join (
    select
        count(case when activity_type = 'exec_visit' then 1 end) > 0 as has_visits,
        count(case when activity_type = 'strategy_meeting' then 1 end) > 0 as has_meetings
    from touches
) as logged
left join (
    select
        visits.account_id,
        count(distinct case when visits.activity_type = 'exec_visit' and visits.age < 365 then visits.activity_id end)
            as n_exec_visits,
        count(distinct case when visits.activity_type = 'exec_visit' and visits.age < 365
            and visits.is_ours = 1 and visits.is_theirs = 1 then visits.activity_id end) as n_exec_both,
        count(distinct case when visits.activity_type = 'exec_visit' and visits.age < 365
            and visits.direction = 'in' then visits.activity_id end) as n_exec_in,
        max(case when visits.activity_type = 'exec_visit' then visits.activity_date end) as last_exec_visit,
        count(distinct case when visits.activity_type = 'strategy_meeting' and visits.age < 365
            then visits.activity_id end) as n_strategy,
        max(case when visits.activity_type = 'strategy_meeting' then visits.activity_date end) as last_strategy
    from (
        select
            touches.account_id,
            touches.activity_id,
            touches.activity_type,
            touches.direction,
            touches.activity_date,
            touches.age,
            max(case when owners.role in ('exec', 'manager') then 1 else 0 end) as is_ours,
            max(case when contacts.level = 'exec' then 1 else 0 end) as is_theirs
        from touches
        inner join activities on touches.activity_id = activities.activity_id
        left join activity_contacts on touches.activity_id = activity_contacts.activity_id
        left join contacts on coalesce(activity_contacts.contact_id, activities.contact_id) = contacts.contact_id
        left join owners on touches.seller = owners.owner_id
        where touches.activity_type in ('exec_visit', 'strategy_meeting')
        group by touches.account_id, touches.activity_id, touches.activity_type, touches.direction,
            touches.activity_date, touches.age
    ) as visits
    group by visits.account_id
) as met on accounts.account_id = met.account_id
left join (
    select touches.account_id, count(distinct opportunities.opportunity_id) as n_deals
    from touches
    inner join opportunities
        on
            touches.account_id = opportunities.account_id
            and opportunities.created_date >= touches.activity_date
            and date_diff('day', touches.activity_date, opportunities.created_date) <= 180
            and opportunities.created_date <= cast($as_of as date)
    where touches.activity_type = 'strategy_meeting' and touches.age < 365
    group by touches.account_id
) as yielded on accounts.account_id = yielded.account_id
left join (
    select
        scores.account_id,
        cast(sum(case when contacts.level in ('exec', 'senior') then scores.score01 end) as double)
        / nullif(count(case when contacts.level in ('exec', 'senior') then 1 end), 0) as recognition,
        count(case when contacts.level in ('exec', 'senior') then 1 end) as n_leaders
    from scores
    left join contacts on scores.contact_id = contacts.contact_id
    where date_diff('day', scores.survey_date, cast($as_of as date)) < 730
    group by scores.account_id
) as said on accounts.account_id = said.account_id
left join (
    select
        account_id,
        count(case when kept_date <= due_date then 1 end) / nullif(cast(count(*) as double), 0) as kept,
        count(*) as n
    from commitments
    where due_date <= cast($as_of as date) and (select count(kept_date) from commitments) > 0
    group by account_id
) as promised on accounts.account_id = promised.account_id
left join (
    select
        account_id,
        count(case when paid_date <= due_date then 1 end) / nullif(cast(count(*) as double), 0) as in_time,
        count(*) as n
    from payments
    where
        due_date <= cast($as_of as date)
        and date_diff('day', due_date, cast($as_of as date)) < 730
        and (select count(paid_date) from payments) > 0
    group by account_id
) as paid on accounts.account_id = paid.account_id
left join (
    select account_id, min(day) as since from (
        select account_id, day from purchases
        union all
        select account_id, activity_date as day from touches
    ) as seen
    group by account_id
) as known on accounts.account_id = known.account_id
left join (select account_id, count(*) as n_lines from breadth group by account_id) as lines
    on accounts.account_id = lines.account_id
order by accounts.account_id
