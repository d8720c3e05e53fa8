namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>A type of context for which <c>UseEntityFrameworkCore</c> was called.</summary>
internal sealed record ContextType(Type Type);
