namespace Carillon.Dispatch.Internal;

/// <summary>Gives every type of event a number, so that its plan is found in an array instead of a dictionary.</summary>
internal static class EventSlot
{
    private static int _count;

    internal static int Next() => Interlocked.Increment(ref _count) - 1;

    // Arrays and delegates are sealed, but variance lets one type stand for another; a nullable value is boxed as its underlying type.
    internal static bool IsExact(Type type) =>
        type.IsValueType
            ? Nullable.GetUnderlyingType(type) is null
            : type is { IsSealed: true, IsArray: false } && !type.IsAssignableTo(typeof(Delegate));
}
