using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization.Metadata;

namespace Carillon.Envelopes.Internal;

/// <summary>Types that mean something to this process only, or of which JSON keeps a shadow.</summary>
internal static class UncarriedTypes
{
    private const string Process = "which means nothing outside of this process. Leave it out, or mark it [JsonIgnore].";

    // What inherits from them, too.
    private static readonly Type[] _ofProcess =
    [
        typeof(Type), typeof(MemberInfo), typeof(Assembly), typeof(Module), typeof(Delegate), typeof(Expression), typeof(Stream), typeof(TextReader), typeof(TextWriter),
        typeof(Task), typeof(CancellationTokenSource), typeof(Thread), typeof(WaitHandle), typeof(SafeHandle), typeof(IServiceProvider), typeof(WeakReference),
    ];

    private static readonly Type[] _exactly =
        [typeof(IntPtr), typeof(UIntPtr), typeof(CancellationToken), typeof(ValueTask), typeof(CancellationTokenRegistration)];

    private static readonly Type[] _generic =
        [typeof(ValueTask<>), typeof(IAsyncEnumerable<>), typeof(Lazy<>), typeof(WeakReference<>), typeof(IQueryable<>)];

    /// <summary>Why the type is not carried, with the mend; null if nothing speaks against it.</summary>
    internal static string? Why(Type type)
    {
        if (typeof(Exception).IsAssignableFrom(type))
        {
            return "of which JSON cannot carry all. Carry what listeners want of it, such as its message, as a string.";
        }

        if (type.IsArray && type.GetArrayRank() > 1)
        {
            return "and JSON knows arrays of one dimension only. Use an array of arrays.";
        }

        return type.IsPointer || type.IsByRefLike || _exactly.Contains(type) || _ofProcess.Any(each => each.IsAssignableFrom(type))
            || (type.IsGenericType && _generic.Contains(type.GetGenericTypeDefinition()))
                ? Process
                : null;
    }

    /// <summary>Whether it is a class or struct of .NET itself that JSON treats like any other, by its properties, which rarely make it up.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A member that a trimmed program has lost is one that it never uses.")]
    internal static bool IsShadow(JsonTypeInfo contract) =>
        contract.Type.Assembly.GetName().Name is { } assembly
        && (assembly.StartsWith("System.", StringComparison.Ordinal) || assembly is "System" or "netstandard" or "mscorlib")
        && contract.Type.Namespace != "System.Drawing"
        && (contract.Properties.Any(static property => property.Get is not null && property.Set is null && property.AssociatedParameter is null)
            || contract.Type.GetFields(BindingFlags.Instance | BindingFlags.Public).Length > 0);

    /// <summary>The type with its article.</summary>
    internal static string Say(Type type) => type.ToString() is var name && name[0] is 'A' or 'E' or 'I' or 'O' or 'U' ? $"an {type}" : $"a {type}";
}
