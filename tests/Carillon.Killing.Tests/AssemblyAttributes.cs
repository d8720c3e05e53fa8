// Each test runs several processes: side by side they would only take the time from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
