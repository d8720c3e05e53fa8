namespace Carillon;

/// <summary>Names an operation: what comes before it is <c>user.create.before</c>, what comes after it <c>user.create.after</c>.</summary>
/// <remarks>Without it an operation is named after its type: <c>CreateUser</c> is <c>create.user</c>.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class OperationAttribute : Attribute
{
    /// <summary>Names the operation.</summary>
    /// <param name="name">The name, as <c>entity.action</c>: lower-case segments separated by dots.</param>
    public OperationAttribute(string name) => Name = name;

    /// <summary>The name of the operation.</summary>
    public string Name { get; }
}
