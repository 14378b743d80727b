-- uses: scores, persons, encounters
-- Word of mouth, one row per account that has any: what key persons and others answered in two years, who turned to whom
-- when a person was met for the first time, and how deals that came by recommendation ended.
select
    account_id,
    cast(sum(n_key) as bigint) as n_key,
    cast(sum(key_sum) as double) as key_sum,
    cast(sum(n_others) as bigint) as n_others,
    cast(sum(others_sum) as double) as others_sum,
    cast(sum(n_first) as bigint) as n_first,
    cast(sum(n_inbound) as bigint) as n_inbound,
    cast(sum(n_sourced) as bigint) as n_sourced,
    cast(sum(n_referred) as bigint) as n_referred,
    cast(sum(n_closed) as bigint) as n_closed,
    cast(sum(n_won) as bigint) as n_won,
    cast(sum(n_referred_closed) as bigint) as n_referred_closed,
    cast(sum(n_referred_won) as bigint) as n_referred_won
from (
    select
        scores.account_id,
        case when persons.is_key = 1 then 1 else 0 end as n_key,
        case when persons.is_key = 1 then scores.score01 else 0 end as key_sum,
        case when persons.is_key = 0 then 1 else 0 end as n_others,
        case when persons.is_key = 0 then scores.score01 else 0 end as others_sum,
        0 as n_first,
        0 as n_inbound,
        0 as n_sourced,
        0 as n_referred,
        0 as n_closed,
        0 as n_won,
        0 as n_referred_closed,
        0 as n_referred_won
    from scores
    inner join persons on scores.contact_id = persons.contact_id
    where date_diff('day', scores.survey_date, cast($as_of as date)) < 730
    union all
    select account_id, 0, 0, 0, 0, 1, max(case when direction = 'in' then 1 else 0 end), 0, 0, 0, 0, 0, 0
    from (
        select
            encounters.account_id,
            encounters.contact_id,
            activities.direction,
            row_number() over (
                partition by encounters.contact_id order by encounters.activity_date, encounters.activity_id
            ) as place
        from encounters
        inner join activities on encounters.activity_id = activities.activity_id
        where encounters.contact_id is not null
    ) as met
    where place = 1 and direction is not null
    group by account_id, contact_id
    union all
    select
        account_id,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        is_referred,
        is_closed,
        is_closed * is_won,
        is_closed * is_referred,
        is_closed * is_won * is_referred
    from (
        select
            account_id,
            case
                when lower(lead_source) like '%referr%' or lower(lead_source) like '%word of mouth%'
                    or lower(lead_source) like '%recommend%' or lead_source like '%介绍%' or lead_source like '%介紹%'
                    or lead_source like '%推荐%' or lead_source like '%推薦%' or lead_source like '%口碑%' then 1
                else 0
            end as is_referred,
            case when status in ('won', 'lost') and closed_date <= cast($as_of as date) then 1 else 0 end as is_closed,
            case when status = 'won' then 1 else 0 end as is_won
        from opportunities
        where
            lead_source is not null
            and created_date <= cast($as_of as date)
            and not coalesce(is_deleted, false)
            and coalesce(status, 'open') <> 'void'
    ) as sourced
) as said
group by account_id
order by account_id
