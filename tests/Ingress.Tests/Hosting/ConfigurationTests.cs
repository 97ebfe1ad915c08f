using Keda.Inference.Ingress.Hosting;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Fact]
    public void Configuration_WrongInManyPlaces_TellsAllAtOnceAndNoSecret()
    {
        var wrong = Should.Throw<OptionsValidationException>(() => IngressApplication.Build(
        [
            "--Ingress:Port=70000", "--Ingress:BindAddress=everywhere", "--Ingress:Functions:0=Not Good", "--Ingress:ApiKeys:0:Name=a",
            "--Ingress:ApiKeys:0:Sha256=short", "--Ingress:Callbacks:Secret=not-base64!", "--Queue:MaxDepth=0", "--Redis:TimeoutMs=1",
            "--Ingress:CorsOrigins:0=example.org/path", "--Authentication:Schemes:Bearer:ValidIssuer=x",
        ]));
        string[] keys =
        [
            "Ingress:Port", "Ingress:BindAddress", "Ingress:Functions:0", "Ingress:ApiKeys:0:Sha256", "Ingress:Callbacks:Secret", "Queue:MaxDepth",
            "Redis:TimeoutMs", "Ingress:CorsOrigins:0", "SigningKeys", "ValidAudiences",
        ];
        foreach (var key in keys)
            wrong.Failures.ShouldContain(failure => failure.Contains(key), key);
        wrong.Failures.ShouldAllBe(failure => !failure.Contains("not-base64") && !failure.Contains("short"));
    }

    [Fact]
    public void Configuration_OfTheWrongType_NamesTheKey() =>
        Should.Throw<OptionsValidationException>(() => IngressApplication.Build(["--Ingress:Port=eighty"]))
            .Failures.ShouldHaveSingleItem().ShouldContain("Ingress:Port");
}
