using System.Text;
using Carillon.Dispatch;
using Carillon.Listeners;

namespace Carillon.Tests.Generated;

public sealed class ManifestTextTests
{
    private static readonly Type[] Listed = [typeof(Aa), typeof(Ab), typeof(Abc), typeof(B), typeof(Ba), typeof(C), typeof(É), typeof(Ж), typeof(ЖЖ), typeof(漢)];

    [Fact]
    public void Every_line_is_found_by_its_type_whatever_the_number_of_lines()
    {
        for (var count = 1; count <= Listed.Length; count++)
        {
            var manifest = new Manifest(Listed[..count]);
            for (var index = 0; index < Listed.Length; index++)
            {
                manifest.Find(Listed[index])?.Listener.Id.ShouldBe($"listener{index}");
                (manifest.Find(Listed[index]) is null).ShouldBe(index >= count);
            }
        }
    }

    [Fact]
    public void A_type_that_is_not_listed_is_not_found()
    {
        var manifest = new Manifest(Listed);

        manifest.Find(typeof(A)).ShouldBeNull();
        manifest.Find(typeof(Abcd)).ShouldBeNull();
        manifest.Find(typeof(D)).ShouldBeNull();
        manifest.Find(typeof(object)).ShouldBeNull();
    }

    [Fact]
    public void A_type_of_the_same_name_in_another_assembly_is_not_found() => new Manifest([typeof(B)], "Elsewhere", typeof(C)).Find(typeof(B)).ShouldBeNull();

    [Fact]
    public void A_type_that_its_assembly_has_handed_on_to_another_is_found() => new Manifest([typeof(B)], "Elsewhere").Find(typeof(B)).ShouldNotBeNull();

    [Fact]
    public void A_type_of_another_assembly_is_found_by_its_name() => new Manifest([typeof(B)], "Carillon.Tests").Find(typeof(B)).ShouldNotBeNull();

    private sealed class Manifest(Type[] types, string assembly = "", Type? meant = null) : GeneratedManifest
    {
        private readonly byte[] _text =
            Encoding.UTF8.GetBytes(string.Join('\n', types.Select((type, index) => $"{type.FullName}\t{assembly}\tname{index}\t1\tlistener{index}\t{index}\t{index}")));

        protected override ReadOnlySpan<byte> Text => _text;

        public override Type GetEventType(int plan) => meant ?? types[plan];

        public override ListenerInvoker GetInvoker(int listener) => static (object _, in ListenerCall _) => ValueTask.CompletedTask;

        public override void Call(int plan, object @event, ref LoneCall call) => throw new NotSupportedException();

        public override EventPlan CreatePlan(int plan, ServiceLifetimes lifetimes) => throw new NotSupportedException();
    }

    private sealed record A;

    private sealed record Aa;

    private sealed record Ab;

    private sealed record Abc;

    private sealed record Abcd;

    private sealed record B;

    private sealed record Ba;

    private sealed record C;

    private sealed record D;

    private sealed record É;

    private sealed record Ж;

    private sealed record ЖЖ;

    private sealed record 漢;
}
