namespace Carillon.Sagas;

/// <summary>Which sagas to read, a page at a time, by name and key.</summary>
public sealed class SagaQuery
{
    internal const int DefaultPageSize = 50;
    internal const int MaxPageSize = 1000;

    /// <summary>Only those of this name. Null, the default, for any.</summary>
    public string? Saga { get; set; }

    /// <summary>Only those with this key. Null, the default, for any.</summary>
    public string? Key { get; set; }

    /// <summary>Only those that are so far. Null, the default, for any.</summary>
    public SagaStatus? Status { get; set; }

    /// <summary>Only those that were saved last before this time: what is stuck. Null, the default, for any.</summary>
    public DateTimeOffset? UpdatedBefore { get; set; }

    /// <summary>The name and the key of the last one of the page before: the next page begins behind it. Null, the default, for the first page.</summary>
    public (string Saga, string Key)? After { get; set; }

    /// <summary>How many at the most, from 1 to 1,000. Defaults to 50.</summary>
    public int PageSize { get; set; } = DefaultPageSize;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PageSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PageSize, MaxPageSize);
    }
}
