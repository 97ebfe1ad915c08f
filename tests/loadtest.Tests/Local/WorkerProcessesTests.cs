using Keda.Inference.LoadTest.Local;
using Microsoft.Extensions.Time.Testing;

namespace Keda.Inference.LoadTest.Tests.Local;

public sealed class WorkerProcessesTests : IDisposable
{
    private readonly string _proc = Directory.CreateTempSubdirectory("loadtest-proc-").FullName;

    public void Dispose() => Directory.Delete(_proc, recursive: true);

    [Fact]
    public void Of_Tree_FindsOnlyRunningWorkersBelowTheCluster()
    {
        Add(100, 1, "S", 500, "/usr/bin/dotnet", "/app/Keda.Inference.LocalCluster.dll");
        Add(101, 100, "S", 70, "/usr/bin/dotnet", "/app/Keda.Inference.Ingress.dll");
        Add(102, 100, "S", 30, "/usr/bin/dotnet", "/app/Keda.Inference.InferenceFunction.dll");
        Add(103, 100, "S", 1, "/bin/sh", "-c", "exec /usr/bin/dotnet /app/Keda.Inference.InferenceFunction.dll");
        Add(104, 103, "R", 250, "/usr/bin/dotnet", "/app/Keda.Inference.InferenceFunction.dll");
        Add(105, 100, "Z", 99, "/usr/bin/dotnet", "/app/Keda.Inference.InferenceFunction.dll");
        Add(106, 1, "S", 99, "/usr/bin/dotnet", "/app/Keda.Inference.InferenceFunction.dll"); // another cluster's
        WorkerProcesses.Of(_proc, 100, WorkerProcesses.ProductWorker).OrderBy(worker => worker.ProcessId).ShouldBe([new WorkerUsage(102, 0.3), new WorkerUsage(104, 2.5)]);
    }

    [Fact]
    public void Parse_NameWithBlanksAndParentheses_IsReadFromItsEnd() =>
        WorkerProcesses.Parse("7 (a) b) S 3 0 0 0 0 0 0 0 0 0 120 30 0 0 20").ShouldBe((3, 1.5));

    [Fact]
    public void Sample_WorkersComeAndGo_CountsTheTimeTheyUsedSince()
    {
        var time = new FakeTimeProvider();
        IReadOnlyList<WorkerUsage> workers = [new(1, 10)];
        var cpu = new WorkerCpu(() => workers, time);
        cpu.Sample().CpuCores.ShouldBeNull(); // one reading is no rate

        time.Advance(TimeSpan.FromSeconds(2));
        workers = [new(1, 11), new(2, 0.5)];
        var sample = cpu.Sample();
        sample.CpuCores.ShouldNotBeNull().ShouldBe(0.75, 1e-9);
        sample.Replicas.ShouldBe(2);

        time.Advance(TimeSpan.FromSeconds(1));
        workers = [new(2, 0.75)];
        cpu.Sample().CpuCores.ShouldNotBeNull().ShouldBe(0.25, 1e-9);
    }

    [Theory]
    [InlineData("12:03:05 replicas 1 -> 2: queue 90 over 50", "replicas 1 -> 2: queue 90 over 50")]
    [InlineData("ready http://127.0.0.1:8080", null)]
    public void DecisionIn_Line_IsAChangeOfReplicas(string line, string? decision) => LocalClusterProcess.DecisionIn(line).ShouldBe(decision);

    [Theory]
    [InlineData("12:03:05 resnet18-2 ready 3.042 s after it was asked for", 3.042)]
    [InlineData("12:03:05 replicas 1 -> 2: 1 ready 3.042 s", null)]
    [InlineData("ready http://127.0.0.1:8080", null)]
    public void StartupIn_Line_IsTheTimeOfAReplica(string line, double? seconds) => LocalClusterProcess.StartupIn(line).ShouldBe(seconds);

    private void Add(int id, int parent, string state, long ticks, params string[] arguments)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_proc, $"{id}")).FullName;
        File.WriteAllText(Path.Combine(folder, "stat"), $"{id} (dotnet) {state} {parent} 0 0 0 0 0 0 0 0 0 {ticks} 0 0 0 20");
        File.WriteAllText(Path.Combine(folder, "cmdline"), string.Join('\0', arguments) + '\0');
    }
}
