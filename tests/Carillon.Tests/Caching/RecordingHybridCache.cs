using Microsoft.Extensions.Caching.Hybrid;

namespace Carillon.Tests.Caching;

/// <summary>Writes down the tags that were removed.</summary>
internal sealed class RecordingHybridCache : HybridCache
{
    internal List<string> Removed { get; } = [];

    /// <summary>How often it fails before it does what it is told.</summary>
    internal int Failures { get; set; }

    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        if (Failures-- > 0)
        {
            throw new InvalidOperationException("the cache is away");
        }

        Removed.Add(tag);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
