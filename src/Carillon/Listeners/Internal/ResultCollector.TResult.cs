namespace Carillon.Listeners.Internal;

/// <summary>The results of one type, in the order of the calls.</summary>
internal sealed class ResultCollector<TResult>(bool firstOnly) : ResultCollector
{
    internal List<ListenerResult<TResult>> Results { get; } = [];

    public override bool IsComplete => firstOnly && Results.Count > 0;

    public override void Add(string listenerId, object? result)
    {
        if (result is TResult fitting)
        {
            Results.Add(new ListenerResult<TResult>(listenerId, fitting));
        }
    }

    /// <summary>The same without a box.</summary>
    internal void AddExact(string listenerId, TResult result)
    {
        if (result is not null)
        {
            Results.Add(new ListenerResult<TResult>(listenerId, result));
        }
    }

    internal TResult[] Values()
    {
        var values = new TResult[Results.Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Results[index].Result;
        }

        return values;
    }
}
