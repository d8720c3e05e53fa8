using System.Globalization;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Carillon.EntityFrameworkCore.Entities.Internal;

/// <summary>Between the keys of EF Core and references: a key of one property that is a whole number, a Guid or a string.</summary>
internal static class EntityKeys
{
    internal static void Check(IReadOnlyEntityType entity)
    {
        if (entity.FindPrimaryKey()?.Properties is not [var key] || !CanRefer(key.ClrType))
        {
            throw new CarillonException(
                $"A reference to '{entity.ClrType}' cannot be made: its key is not one property that is a whole number, a Guid or a string. Take AddEntityEvents<{entity.ClrType.Name}>() away, and "
                + "dispatch events of your own that carry the key.");
        }
    }

    internal static object Read(EntityEntry entry) => entry.Property(entry.Metadata.FindPrimaryKey()!.Properties[0].Name).CurrentValue!;

    internal static EntityRef<TEntity> Refer<TEntity>(object key)
        where TEntity : class =>
        key switch
        {
            Guid id => new EntityRef<TEntity>(id),
            string id => new EntityRef<TEntity>(id),
            _ => new EntityRef<TEntity>(Convert.ToInt64(key, CultureInfo.InvariantCulture)),
        };

    internal static object KeyOf<TEntity>(EntityRef<TEntity> reference, Type keyType)
        where TEntity : class =>
        keyType == typeof(string) ? reference.Id
        : keyType == typeof(Guid) ? reference.ToGuid()
        : Convert.ChangeType(reference.ToInt64(), keyType, CultureInfo.InvariantCulture);

    private static bool CanRefer(Type type) =>
        type == typeof(Guid) || type == typeof(string) || Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Int64 && !type.IsEnum;
}
