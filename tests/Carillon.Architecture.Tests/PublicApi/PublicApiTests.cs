using Carillon.Architecture.Tests.Approval;

namespace Carillon.Architecture.Tests.PublicApi;

public sealed class PublicApiTests
{
    public static TheoryData<string> PackageNames => Packages.AsTheory();

    [Fact]
    public void The_printer_writes_every_shape_of_type_and_member_as_csharp() =>
        ApprovedText.ShouldBeApproved(
            "ApiPrinter", ApiPrinter.Print(typeof(Fixtures.Shapes<>).Assembly.GetTypes().Where(type => type.Namespace == typeof(Fixtures.Shapes<>).Namespace)));

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void The_public_api_is_the_approved_one(string package) =>
        ApprovedText.ShouldBeApproved(package, ApiPrinter.Print(Packages.Load(package).GetTypes()));
}
