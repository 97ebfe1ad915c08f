using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Tests.Sending;

namespace Keda.Inference.LoadTest.Tests.CommandLine;

public sealed class ExitCodeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loadtest-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_AllMet_Is0AndWritesEveryFile()
    {
        await using var service = await StubService.StartAsync((context, _) => StubService.AnswerAsync(context, "goldfish"));
        var code = await RunAsync("run", "--target", service.Root.ToString(), "--rate", "20", "--arrivals", "uniform", "--duration", "1s",
            "--small-pictures", "--max-lag", "10s", "--threshold", "ok>99%", "--json", "--output", _folder);

        code.ShouldBe(0, _error.ToString());
        var summary = JsonDocument.Parse(_output.ToString()).RootElement;
        summary.GetProperty("total").GetInt32().ShouldBe(20);
        summary.GetProperty("ok").GetDouble().ShouldBe(1);
        summary.GetProperty("accuracy").ValueKind.ShouldBe(JsonValueKind.Null);
        Directory.EnumerateFiles(_folder).Select(file => Path.GetFileName(file)).Where(name => !name.EndsWith(".png", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ShouldBe(
            [
                "calibration.json", "latency.hgrm", "latency.hlog", "measurement.json", "report.html", "requests.csv", "seconds.csv", "summary.json", "timeline.csv",
            ]);
        // The stub reports 2 ms of preprocessing and 3 ms of inference.
        LoadTest.Simulation.Calibration.Calibration.Read(Path.Combine(_folder, "calibration.json")).ServiceSeconds.ShouldAllBe(seconds => seconds == 0.005);
        File.ReadAllLines(Path.Combine(_folder, "requests.csv")).Length.ShouldBe(21);
        using var log = File.OpenRead(Path.Combine(_folder, "latency.hlog"));
        new HdrHistogram.HistogramLogReader(log).ReadHistograms().Sum(histogram => histogram.TotalCount).ShouldBe(20);
    }

    [Fact]
    public async Task Run_ThresholdMissed_Is99()
    {
        await using var service = await StubService.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 429;
            return Task.CompletedTask;
        });
        var code = await RunAsync("run", "--target", service.Root.ToString(), "--rate", "20", "--duration", "1s", "--small-pictures",
            "--max-lag", "10s", "--threshold", "ok>99%");
        code.ShouldBe(99, _error.ToString());
        _output.ToString().ShouldContain("✗ ok>99%: 0%");
    }

    [Fact]
    public async Task Run_GeneratorLagged_Is1AndSaysInvalid()
    {
        await using var service = await StubService.StartAsync((context, _) => StubService.AnswerAsync(context, "goldfish"));
        var code = await RunAsync("run", "--target", service.Root.ToString(), "--rate", "200", "--arrivals", "burst", "--duration", "1s",
            "--small-pictures", "--max-lag", "1us");
        code.ShouldBe(1);
        _output.ToString().ShouldContain("INVALID");
    }

    [Fact]
    public async Task Run_NobodyListens_Is1AndSaysWhere()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, not listening: connections are refused
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        (await RunAsync("run", "--target", $"http://127.0.0.1:{port}", "--rate", "5", "--small-pictures")).ShouldBe(1);
        _error.ToString().ShouldContain($"No answer from http://127.0.0.1:{port}/predict: ConnectionRefused");
        (await RunAsync("run", "--target", $"http://127.0.0.1:{port}", "--rate", "5", "--arrivals", "uniform", "--duration", "1s", "--small-pictures", "--max-lag", "10s", "--warmup", "0")).ShouldBe(1);
        _output.ToString().ShouldContain("5× ConnectionRefused"); // the report is there all the same
        _error.ToString().ShouldContain($"No request got an answer from http://127.0.0.1:{port}/predict");
    }

    [Fact]
    public async Task Run_TargetDiesAfterTheWarmUp_Is1()
    {
        await using var service = await StubService.StartAsync((context, number) =>
        {
            if (number == 0)
                return StubService.AnswerAsync(context, "goldfish");
            context.Abort();
            return Task.CompletedTask;
        });
        var code = await RunAsync("run", "--target", service.Root.ToString(), "--rate", "20", "--duration", "1s", "--small-pictures", "--max-lag", "10s", "--warmup", "1");
        code.ShouldBe(1);
        _error.ToString().ShouldContain("No request got an answer");
    }

    [Fact]
    public async Task Run_Interrupted_Is1AndReportsWhatWasDone()
    {
        using var interrupt = new CancellationTokenSource();
        await using var service = await StubService.StartAsync(async (context, number) =>
        {
            await StubService.AnswerAsync(context, "goldfish");
            if (number == 5)
                await interrupt.CancelAsync();
        });
        var code = await LoadTestProgram.RunAsync(
            ["run", "--target", service.Root.ToString(), "--rate", "20", "--duration", "10m", "--small-pictures", "--max-lag", "10s", "--warmup", "0", "--threshold", "ok>=0%"],
            _output, _error, interrupt.Token);
        code.ShouldBe(1);
        _output.ToString().ShouldContain("Interrupted: this is what was done until then.");
        _output.ToString().ShouldContain("✓ ok>=0%");
    }

    [Theory]
    [InlineData("--rate nine", "--rate: 'nine' is not a number")]
    [InlineData("--rate 0", "--rate: '0'")]
    [InlineData("--rate 5 --ramp 1..2", "--rate and --ramp exclude each other")]
    [InlineData("--duration soon", "--duration: 'soon' is not a duration")]
    [InlineData("--rate 5 --threshold p99", "--threshold 'p99'")]
    [InlineData("--workload /nowhere/load.txt", "--workload: /nowhere/load.txt cannot be read")]
    [InlineData("--rate 5 --images /nowhere", "--images: /nowhere cannot be read")]
    [InlineData("--rate 5 --target ftp://there", "--target: 'ftp://there'")]
    [InlineData("--rate 5 --header Nonsense", "--header: 'Nonsense'")]
    [InlineData("--rate 5 --arrivals sometimes", "sometimes")]
    public async Task Run_WrongUse_Is2AndSaysWhatIsWrong(string arguments, string message)
    {
        (await RunAsync(["run", .. arguments.Split(' ')])).ShouldBe(2);
        _error.ToString().ShouldContain(message);
        _output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task NoCommand_Is2() => (await RunAsync()).ShouldBe(2);

    [Fact]
    public async Task Help_OfEverySubcommand_HasExamplesThatParse()
    {
        foreach (var command in LoadTestProgram.CreateRoot().Subcommands)
        {
            var examples = command.ShouldBeOfType<DocumentedCommand>().Examples;
            examples.ShouldNotBeEmpty(command.Name);
            foreach (var example in examples)
                LoadTestProgram.CreateRoot().Parse(example.Arguments).Errors.ShouldBeEmpty(example.Arguments);
            (await RunAsync(command.Name, "--help")).ShouldBe(0);
            _output.ToString().ShouldContain(examples[0].Arguments);
            _output.ToString().ShouldContain("99 threshold missed");
        }
    }

    private Task<int> RunAsync(params string[] arguments) => LoadTestProgram.RunAsync(arguments, _output, _error, TestContext.Current.CancellationToken);
}
