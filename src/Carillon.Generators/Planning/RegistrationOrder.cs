using Carillon.Generators.Models;

namespace Carillon.Generators.Planning;

/// <summary>
/// The order in which listeners are registered, and so called where their priorities are equal: classes by their full name (ordinal), the methods
/// of a class as they are declared. The parts of a partial class follow each other by the names of their files.
/// </summary>
/// <remarks>Nothing in it depends on the machine: not the order in which files reach the compiler, not their folders, not the culture.</remarks>
internal sealed class RegistrationOrder : IComparer<ListenerModel>
{
    internal static readonly RegistrationOrder Instance = new();

    private RegistrationOrder()
    {
    }

    public int Compare(ListenerModel? left, ListenerModel? right)
    {
        if (left is null || right is null)
        {
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        }

        var order = string.CompareOrdinal(left.ClassName, right.ClassName);
        order = order != 0 ? order : string.CompareOrdinal(left.FileName, right.FileName);
        order = order != 0 ? order : left.Place.CompareTo(right.Place);

        // Two files of one name in two folders share a class: rare, but still in one order.
        order = order != 0 ? order : string.CompareOrdinal(left.MethodName, right.MethodName);
        return order != 0 ? order : string.CompareOrdinal(left.EventTypeName, right.EventTypeName);
    }
}
