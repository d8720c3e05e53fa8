using System.Globalization;
using System.Text.Json.Serialization;

namespace Carillon;

/// <summary>
/// Stands in an event for an entity: it carries the id, is written as the id alone, and loads the entity as it is when a listener wants it, through the
/// <see cref="IEntityLoader{TEntity}"/> of the application.
/// </summary>
/// <remarks>
/// In JSON it is the id and nothing else, a number or a string, so that a property can become a reference, or an id again, without a new version of its event.
/// Two are equal if their ids read the same.
/// </remarks>
/// <typeparam name="TEntity">The entity.</typeparam>
/// <threadsafety>Immutable, safe for concurrent use.</threadsafety>
[JsonConverter(typeof(EntityRefConverter))]
public readonly struct EntityRef<TEntity> : IEntityRef, IEquatable<EntityRef<TEntity>>
    where TEntity : class
{
    private readonly string? _id;

    /// <summary>Refers to an entity whose key is a string.</summary>
    /// <param name="id">The key, compared exactly.</param>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public EntityRef(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        _id = id;
    }

    /// <summary>Refers to an entity whose key is a Guid.</summary>
    /// <param name="id">The key.</param>
    public EntityRef(Guid id) => _id = id.ToString();

    /// <summary>Refers to an entity whose key is a whole number.</summary>
    /// <param name="id">The key.</param>
    public EntityRef(long id)
    {
        _id = id.ToString(CultureInfo.InvariantCulture);
        IsNumber = true;
    }

    /// <summary>The id as text: a Guid as <c>00000000-0000-0000-0000-000000000000</c>, a number in digits. Empty for a reference to nothing.</summary>
    public string Id => _id ?? string.Empty;

    /// <summary>Whether it refers to nothing, as its default does. It is written as null.</summary>
    public bool IsEmpty => _id is null;

    internal bool IsNumber { get; }

    /// <summary>The id of an entity whose key is a Guid.</summary>
    /// <exception cref="InvalidOperationException">It is no Guid.</exception>
    public Guid ToGuid() => Guid.TryParse(_id, out var id) ? id : throw NotA("Guid");

    /// <summary>The id of an entity whose key is a whole number.</summary>
    /// <exception cref="InvalidOperationException">It is no whole number, or too large for this type.</exception>
    public long ToInt64() => long.TryParse(_id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : throw NotA("whole number");

    /// <summary>Loads the entity as it is now.</summary>
    /// <param name="loader">Where it is loaded from; a listener takes it as a parameter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EntityNotFoundException">There is none with this id, or no longer.</exception>
    public async ValueTask<TEntity> LoadAsync(IEntityLoader<TEntity> loader, CancellationToken cancellationToken = default) =>
        await FindAsync(loader, cancellationToken).ConfigureAwait(false) ?? throw new EntityNotFoundException(typeof(TEntity), Id);

    /// <summary>Loads the entity as it is now.</summary>
    /// <param name="services">The services of the scope, which have an <see cref="IEntityLoader{TEntity}"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EntityNotFoundException">There is none with this id, or no longer.</exception>
    /// <exception cref="InvalidOperationException">The services have no loader for this entity.</exception>
    public ValueTask<TEntity> LoadAsync(IServiceProvider services, CancellationToken cancellationToken = default) => LoadAsync(LoaderOf(services), cancellationToken);

    /// <summary>Loads the entity as it is now, or null if there is none with this id, or no longer, or if the reference is to nothing.</summary>
    /// <param name="loader">Where it is loaded from; a listener takes it as a parameter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<TEntity?> FindAsync(IEntityLoader<TEntity> loader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return IsEmpty ? default : loader.FindAsync(this, cancellationToken);
    }

    /// <summary>Loads the entity as it is now, or null if there is none with this id, or no longer, or if the reference is to nothing.</summary>
    /// <param name="services">The services of the scope, which have an <see cref="IEntityLoader{TEntity}"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The services have no loader for this entity.</exception>
    public ValueTask<TEntity?> FindAsync(IServiceProvider services, CancellationToken cancellationToken = default) => FindAsync(LoaderOf(services), cancellationToken);

    /// <inheritdoc/>
    public bool Equals(EntityRef<TEntity> other) => _id == other._id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EntityRef<TEntity> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <summary>The entity's type and its id, for messages: <c>Poll 7</c>.</summary>
    public override string ToString() => IsEmpty ? $"no {typeof(TEntity).Name}" : $"{typeof(TEntity).Name} {Id}";

    /// <summary>Whether both refer to the same entity.</summary>
    public static bool operator ==(EntityRef<TEntity> left, EntityRef<TEntity> right) => left.Equals(right);

    /// <summary>Whether they refer to different entities.</summary>
    public static bool operator !=(EntityRef<TEntity> left, EntityRef<TEntity> right) => !left.Equals(right);

    JsonConverter IEntityRef.CreateConverter() => new EntityRefConverter.Of<TEntity>();

    private static IEntityLoader<TEntity> LoaderOf(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return (IEntityLoader<TEntity>?)services.GetService(typeof(IEntityLoader<TEntity>)) ?? throw new InvalidOperationException(
            $"No IEntityLoader<{typeof(TEntity).Name}> is among the services, so a reference to a {typeof(TEntity)} cannot be loaded. Add a class that implements it.");
    }

    private InvalidOperationException NotA(string kind) =>
        new($"The reference to {(IsEmpty ? "no entity" : $"the {typeof(TEntity).Name} '{Id}'")} has an id that is no {kind}. Read it as what it was made of.");
}
