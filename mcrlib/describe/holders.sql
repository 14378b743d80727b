-- uses: changes, sold_by
-- Who held each account from when until when, as known at $as_of; one holder at a time, nobody where it lay in a pool.
-- An account without a history is held by its present owner since an unknown day; where the history ends with somebody
-- else than the present owner, the hand-over is dated with $as_of, when it became known. Seen from a later export
-- ($frozen) the present owner is not known. Where nothing names a holder, steady sellers are taken for it (sold_by).
select
    spells.account_id,
    case when coalesce(owners.user_kind, 'human') = 'human' then spells.owner_id end as owner_id,
    spells.valid_from,
    case when spells.valid_to <= cast($as_of as date) then spells.valid_to end as valid_to,
    spells.source
from (
    select
        account_id,
        owner_id,
        valid_from,
        lead(valid_from) over (partition by account_id order by valid_from nulls first) as valid_to,
        source
    from (
        select account_id, owner_id, changed_date as valid_from, source
        from changes
        where is_first or owner_id is distinct from before
        union all
        select accounts.account_id, accounts.owner_id, cast($as_of as date) as valid_from, 'export' as source
        from accounts
        inner join changes on accounts.account_id = changes.account_id and changes.is_last
        where
            not $frozen
            and changes.changed_date < cast($as_of as date)
            and changes.owner_id is distinct from accounts.owner_id
            and (accounts.owner_id is not null or coalesce(accounts.in_public_pool, false))
        union all
        select account_id, owner_id, cast(null as date) as valid_from, 'export' as source
        from accounts
        where
            not $frozen
            and owner_id is not null
            and account_id not in (select account_id from changes)
        union all
        select account_id, owner_id, valid_from, 'orders' as source
        from sold_by
    ) as starts
) as spells
left join owners on spells.owner_id = owners.owner_id
where spells.valid_from is null or spells.valid_from <= cast($as_of as date)
