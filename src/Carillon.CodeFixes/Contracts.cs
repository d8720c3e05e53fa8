using Microsoft.CodeAnalysis;

namespace Carillon.CodeFixes;

/// <summary>Whether a member is bound to the shape that an interface gives it.</summary>
internal static class Contracts
{
    internal static bool Implements(ISymbol member) => member.ContainingType.AllInterfaces
        .SelectMany(each => each.GetMembers())
        .Any(each => SymbolEqualityComparer.Default.Equals(member.ContainingType.FindImplementationForInterfaceMember(each), member));
}
