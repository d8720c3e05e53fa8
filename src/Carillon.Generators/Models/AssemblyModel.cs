namespace Carillon.Generators.Models;

/// <summary>The assembly that is compiled.</summary>
/// <param name="LibraryName">Its name as part of a method's name, <c>AcmeOrders</c>; null for a program, which nobody references.</param>
internal sealed record AssemblyModel(string? LibraryName);
