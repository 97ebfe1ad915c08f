using System.Net;
using System.Net.Sockets;

namespace Keda.Inference.LocalCluster.Tests.Configuration;

public sealed class ClusterOptionsValidatorTests
{
    // Ports of the default options may be in use where tests run.
    private static ClusterOptions Valid()
    {
        var probes = Enumerable.Range(0, 3).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var probe in probes)
            probe.Start();
        var ports = probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port).ToArray();
        foreach (var probe in probes)
            probe.Dispose();
        return new ClusterOptions { Port = ports[0], ScalerPort = ports[1], ScalerHttpPort = ports[2] };
    }

    [Fact]
    public void Validate_Defaults_FindsNothing() => ClusterOptionsValidator.Validate(Valid()).ShouldBeEmpty();

    [Fact]
    public void Validate_SeveralWrong_NamesThemAllAtOnce()
    {
        var errors = ClusterOptionsValidator.Validate(
            Valid() with { Min = 3, Max = 2, SyncPeriod = 0, Poll = -1, CpuLimit = 0.01, Model = "/nowhere/model.onnx", Precision = "fp16" });

        errors.ShouldBe(
        [
            "--max is 2; it must be at least 1 and at least --min (3).",
            "--sync-period is 0; it must be more than 0 and at most 86400 seconds.",
            "--poll is -1; it must be more than 0 and at most 86400 seconds.",
            "--cpu-limit is 0.01; it must be from 0.05 to 1024 cores.",
            "--model /nowhere/model.onnx is not there; give the path of an ONNX file.",
            "--precision is 'fp16'; it must be fp32 or int8.",
        ]);
    }

    [Fact]
    public void Validate_SamePortTwice_SaysWhichOptions()
    {
        var valid = Valid();

        ClusterOptionsValidator.Validate(valid with { ScalerPort = valid.Port })
            .ShouldHaveSingleItem().ShouldBe($"--port and --scaler-port name the same port {valid.Port}; each needs one of its own.");
    }

    [Fact]
    public void Validate_TakenPort_SaysSo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        ClusterOptionsValidator.Validate(Valid() with { ScalerHttpPort = port })
            .ShouldHaveSingleItem().ShouldBe($"Port {port} is taken; stop what listens there or give another with --scaler-http-port.");
    }

    [Fact]
    public void Validate_CpuPolicyWithMinimumZero_IsRefusedAsKedaDoes() =>
        ClusterOptionsValidator.Validate(Valid() with { Policy = "cpu-70", Min = 0 }).ShouldHaveSingleItem().ShouldContain("--min is 0");
}
