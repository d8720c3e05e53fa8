namespace Carillon.Generators.Models;

/// <summary>What few durable listeners say of their deliveries.</summary>
internal sealed record DurableModel(
    string? Queue, int TimeoutSeconds, bool Transactional, bool Ordered, bool SkipsFailed, int MaxPerKey, int RememberSeconds, UniqueModel? Unique);
