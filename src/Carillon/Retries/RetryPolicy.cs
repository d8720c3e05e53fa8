namespace Carillon.Retries;

/// <summary>What the options say for one listener, resolved once: how often, and how long to wait.</summary>
internal sealed class RetryPolicy
{
    private readonly Dictionary<Type, Limits> _byException = [];
    private readonly Limits _others;

    internal RetryPolicy(RetryOptions options, string listenerId, int maxAttempts, Func<double> random)
    {
        var all = new RetryOptions
        {
            MaxAttempts = maxAttempts > 0 ? maxAttempts : options.MaxAttempts,
            FirstDelay = options.FirstDelay,
            MaxDelay = options.MaxDelay,
            Jitter = options.Jitter,
        };
        // What configuration says of a listener wins over what its code says.
        all = options.Listeners.TryGetValue(listenerId, out var own) ? Put(own, all) : all;
        _others = Limits.Of(all, random);
        foreach (var (type, rule) in options.Exceptions)
        {
            _byException.Add(type, Limits.Of(Put(rule, all), random));
        }
    }

    /// <summary>How many attempts there are unless the failure has a rule of its own.</summary>
    internal int MaxAttempts => _others.MaxAttempts;

    /// <summary>What applies to a failure: the rule of the nearest base type that has one. Null stands for a failure without exception.</summary>
    internal Limits For(Exception? failure)
    {
        if (_byException.Count == 0 || failure is null)
        {
            return _others;
        }

        // What several tasks or a blocking wait have wrapped is meant by what is inside.
        for (var type = (failure is AggregateException { InnerExceptions.Count: 1 } ? failure.InnerException! : failure).GetType(); type is not null; type = type.BaseType)
        {
            if (_byException.TryGetValue(type, out var limits))
            {
                return limits;
            }
        }

        return _others;
    }

    private static RetryOptions Put(RetryRule rule, RetryOptions onto)
    {
        var firstDelay = rule.FirstDelay ?? onto.FirstDelay;
        return new()
        {
            MaxAttempts = rule.MaxAttempts ?? onto.MaxAttempts,
            FirstDelay = firstDelay,
            MaxDelay = rule.MaxDelay ?? (firstDelay > onto.MaxDelay ? firstDelay : onto.MaxDelay),
            Jitter = rule.Jitter ?? onto.Jitter,
        };
    }

    internal sealed record Limits(int MaxAttempts, BackOff BackOff)
    {
        internal static Limits Of(RetryOptions options, Func<double> random) => new(options.MaxAttempts, new BackOff(options, random));
    }
}
