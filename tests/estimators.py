"""What scikit-learn's own checks ask of an estimator that learns from one kind of table only."""

#: Checks that feed tables of random numbers: nothing that such an estimator could learn from.
RANDOM_TABLES = (
    "check_fit_score_takes_y", "check_estimators_overwrite_params", "check_dont_overwrite_parameters",
    "check_estimators_fit_returns_self", "check_readonly_memmap_input", "check_estimators_dtypes",
    "check_dtype_object", "check_pipeline_consistency", "check_estimators_nan_inf", "check_estimators_pickle",
    "check_f_contiguous_array_estimator", "check_methods_sample_order_invariance",
    "check_methods_subset_invariance", "check_fit2d_1sample", "check_fit2d_1feature", "check_dict_unchanged",
    "check_fit_idempotent", "check_fit_check_is_fitted", "check_n_features_in", "check_fit2d_predict1d",
    "check_n_features_in_after_fitting", "check_positive_only_tag_during_fit",
)  # fmt: skip

#: What is asked of an estimator that refuses whatever lacks its columns, before it looks at what is in them.
NAMED_COLUMNS = dict.fromkeys(RANDOM_TABLES, "feeds tables without the columns that it names: refused") | dict.fromkeys(
    (
        "check_complex_data", "check_estimators_empty_data_messages", "check_estimator_sparse_tag",
        "check_estimator_sparse_array", "check_estimator_sparse_matrix",
    ),
    "wants another reason than that the columns are missing",
)  # fmt: skip
