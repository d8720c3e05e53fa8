using System.Reflection;
using System.Runtime.CompilerServices;

namespace Carillon.Architecture.Tests.Types;

public sealed class TypeTests
{
    // Not sealed, with the reason. Everything else is sealed or abstract.
    private static readonly HashSet<string> MayBeDerivedFrom =
    [
        "Carillon.Deliveries.DeliveryFilter", // a query is a filter and a page
        "Carillon.CarillonException", // the root of a family: one catch for all that Carillon itself throws
        "Carillon.Deliveries.DeliveryFilter", // a query is a filter with pages
    ];

    public static TheoryData<string> PackageNames => Packages.AsTheory();

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void Every_class_is_sealed_or_abstract(string package)
    {
        var open = Written(package)
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Where(type => !MayBeDerivedFrom.Contains(type.FullName!));

        open.ShouldBeEmpty("seal them, or say in TypeTests.cs why somebody may derive from them");
    }

    [Fact]
    public void Every_exception_to_the_rule_of_sealed_classes_is_still_needed()
    {
        var open = Packages.Names.SelectMany(Written).Where(type => !type.IsSealed).Select(type => type.FullName);

        MayBeDerivedFrom.Except(open).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void Nothing_in_Internal_is_public(string package)
    {
        var visible = Written(package)
            .Where(type => type.Namespace is { } name && name.Split('.').Contains("Internal"))
            .Where(type => type.IsVisible);

        visible.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void Only_the_tests_of_a_package_see_its_internals(string package)
    {
        var friends = Packages.Load(package).GetCustomAttributes<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName);

        friends.ShouldBe([package + ".Tests"]);
    }

    // Written by a person: the compiler and its generators mark what is theirs.
    private static IEnumerable<Type> Written(string package) =>
        Packages.Load(package).GetTypes().Where(type => !IsGenerated(type));

    private static bool IsGenerated(Type type) =>
        type.Name.Contains('<', StringComparison.Ordinal)
        || type.IsDefined(typeof(CompilerGeneratedAttribute))
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        || type.Namespace is "Microsoft.CodeAnalysis" or "System.Runtime.CompilerServices"
        || (type.DeclaringType is { } outer && IsGenerated(outer));
}
