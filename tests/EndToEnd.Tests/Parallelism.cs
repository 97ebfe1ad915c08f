// Each test fills the machine's cores with processes of its own.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
