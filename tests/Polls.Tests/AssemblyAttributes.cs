// Each test runs processes of its own: side by side they would only take the time from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
