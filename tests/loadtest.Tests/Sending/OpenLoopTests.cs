using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Pictures;
using Keda.Inference.LoadTest.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Keda.Inference.LoadTest.Tests.Sending;

public sealed class OpenLoopTests
{
    private static readonly Picture Goldfish = new("n01443537_goldfish.jpeg", "image/jpeg", [1, 2, 3], "goldfish");

    [Fact]
    public async Task Judge_EveryKindOfReply_HasItsOutcome()
    {
        // One after the other; the picture's first answer sets what the later ones are held against.
        Func<HttpContext, Task>[] replies =
        [
            context => StubService.AnswerAsync(context, "goldfish", "tench"),
            context => Status(context, 429),
            context => Status(context, 500),
            context => Status(context, 503),
            context => Status(context, 504),
            context => context.Response.WriteAsync("<html>not JSON</html>"),
            context => context.Response.WriteAsJsonAsync(new { predictions = Array.Empty<object>() }),
            context => StubService.AnswerAsync(context, "ambulance", "fireboat"),
            context => StubService.AnswerAsync(context, "tench", "goldfish"),
            context => Hang(context),
            context => Close(context),
        ];
        await using var service = await StubService.StartAsync((context, number) => replies[number](context));
        var plan = Plan(service, [0]) with { Timeout = TimeSpan.FromSeconds(3), Slo = TimeSpan.FromSeconds(30) };
        using var client = new PredictClient(plan);
        var judge = new AnswerJudge(plan);
        var records = new RequestRecord[replies.Length];
        for (var i = 0; i < records.Length; i++)
        {
            records[i].Completed = 0.1;
            judge.Judge(await client.SendAsync(0, TestContext.Current.CancellationToken), ref records[i]);
        }

        records.Select(record => record.Outcome).ShouldBe(
        [
            Outcome.OkWithinSlo, Outcome.Rejected, Outcome.Error, Outcome.Error, Outcome.Timeout, Outcome.WrongAnswer, Outcome.WrongAnswer,
            Outcome.WrongAnswer, Outcome.OkWithinSlo, Outcome.Timeout, Outcome.Error,
        ]);
        records[7].Problem.ShouldBe("the answer belongs to another picture");
        records[0].Top1.ShouldBe(true);
        records[8].Top1.ShouldBe(false);
        records[8].Top5.ShouldBe(true);
        records[1].Top1.ShouldBeNull();
        records[0].ServerMs.ShouldBe(6.5);
        double.IsNaN(records[2].ServerMs).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"predictions":[{"label":"\ud800"}]}""")]
    [InlineData("""{"prediction":"\udc00"}""")]
    [InlineData("{\"prediction\":\"\u00ff\"}")] // Latin-1 here, and so a byte that no UTF-8 has
    public void Answer_TextThatIsNoUnicode_IsNoAnswer(string body) =>
        Answer.Read(System.Text.Encoding.Latin1.GetBytes(body)).ShouldBeNull();

    [Fact(Timeout = 30_000)]
    public async Task Run_RequestFaultsUnexpectedly_IsAnErrorAndTheRunEnds()
    {
        // HttpClient throws NotSupportedException for the scheme, which is none of the failures a service can cause.
        var recording = await RunAsync(new RunPlan
        {
            Target = new Uri("ftp://127.0.0.1/predict"), Times = [0, 0.01], Pictures = [Goldfish], Seed = 1, WarmUpRequests = 0,
        });
        recording.Records.ShouldAllBe(record => record.Outcome == Outcome.Error && record.Problem!.StartsWith("NotSupportedException", StringComparison.Ordinal));
        recording.Records[1].Intended.ShouldBe(0.01);
    }

    [Theory]
    [InlineData(nameof(RequiredLabel.None), nameof(Outcome.OkWithinSlo))]
    [InlineData(nameof(RequiredLabel.Top5), nameof(Outcome.OkWithinSlo))]
    [InlineData(nameof(RequiredLabel.Top1), nameof(Outcome.WrongAnswer))]
    public async Task Run_LabelIsSecondBest_CountsAsTheRequirementSays(string required, string outcome)
    {
        await using var service = await StubService.StartAsync((context, _) => StubService.AnswerAsync(context, "tench", "goldfish"));
        var recording = await RunAsync(Plan(service, [0]) with { RequiredLabel = Enum.Parse<RequiredLabel>(required) });
        recording.Records.Single().Outcome.ShouldBe(Enum.Parse<Outcome>(outcome));
    }

    [Fact]
    public async Task Run_StalledService_GoesOnSendingAndChargesTheStall()
    {
        // The service answers nothing until all twenty have come: a closed loop would wait for the first for ever.
        const int count = 20;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await StubService.StartAsync(async (context, number) =>
        {
            if (number == count - 1)
                all.SetResult();
            await all.Task.WaitAsync(context.RequestAborted);
            await StubService.AnswerAsync(context, "goldfish");
        });
        var times = Enumerable.Range(0, count).Select(i => i * 0.03).ToArray();
        var recording = await RunAsync(Plan(service, times) with { WarmUpRequests = 0, Slo = TimeSpan.FromMilliseconds(300) });

        var released = times[^1];
        foreach (var record in recording.Records)
            record.LatencySeconds.ShouldBeGreaterThan(released - record.Intended);
        recording.Records.Count(record => record.Outcome == Outcome.Late).ShouldBeGreaterThanOrEqualTo(times.Count(time => released - time > 0.3));
        recording.Records.ShouldAllBe(record => record.Intended == times[Array.IndexOf(times, record.Intended)]);
    }

    [Fact]
    public async Task Run_Recorded_LatencyFromIntendedTimeHoldsTheGeneratorsLagToo()
    {
        await using var service = await StubService.StartAsync((context, _) => StubService.AnswerAsync(context, "goldfish"));
        // All due at once: the generator can only be late with most of them.
        var recording = await RunAsync(Plan(service, new double[50]));
        foreach (var record in recording.Records)
        {
            record.Sent.ShouldBeGreaterThanOrEqualTo(record.Intended);
            record.LatencySeconds.ShouldBe(record.SentLatencySeconds + record.LagSeconds, 1e-9);
        }

        recording.Records[^1].LagSeconds.ShouldBeGreaterThan(recording.Records[0].LagSeconds);
    }

    [Fact]
    public async Task Run_Interrupted_ReportsWhatWasDone()
    {
        using var interrupt = new CancellationTokenSource();
        await using var service = await StubService.StartAsync(async (context, number) =>
        {
            if (number < 5)
                await StubService.AnswerAsync(context, "goldfish");
            else
            {
                await interrupt.CancelAsync();
                await Hang(context);
            }
        });
        var recording = await RunAsync(Plan(service, [0, 0.05, 0.1, 0.15, 0.2, 0.4, 1000]) with { WarmUpRequests = 0 }, interrupt);
        recording.Interrupted.ShouldBeTrue();
        recording.Records.Length.ShouldBe(6);
        recording.Records.Count(record => record.Outcome == Outcome.Unfinished).ShouldBe(1);
        Summariser.Summarise(recording, "test", TimeSpan.FromSeconds(1), []).Total.ShouldBe(5);
    }

    [Fact]
    public async Task Run_InterruptedWhileTheLastAnswersAreAwaited_IsInterrupted()
    {
        using var interrupt = new CancellationTokenSource();
        await using var service = await StubService.StartAsync(async (context, number) =>
        {
            if (number == 0)
            {
                await StubService.AnswerAsync(context, "goldfish");
                return;
            }

            await interrupt.CancelAsync(); // everything is sent; this one is never answered
            await Hang(context);
        });
        var recording = await RunAsync(Plan(service, [0, 0.2]) with { WarmUpRequests = 0 }, interrupt);
        recording.Records.Select(record => record.Outcome).ShouldBe([Outcome.OkWithinSlo, Outcome.Unfinished]);
        recording.Interrupted.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_MultipartForm_CarriesThePictureAsTheFieldImage()
    {
        byte[]? received = null;
        await using var service = await StubService.StartAsync(
            (context, _) => StubService.AnswerAsync(context, "goldfish"),
            app => app.MapPost("/form", async (HttpContext context) =>
            {
                var form = await context.Request.ReadFormAsync();
                var file = form.Files["image"].ShouldNotBeNull();
                file.FileName.ShouldBe(Goldfish.Name);
                file.ContentType.ShouldBe("image/jpeg");
                using var copy = new MemoryStream();
                await file.CopyToAsync(copy);
                received = copy.ToArray();
                await StubService.AnswerAsync(context, "goldfish");
            }));
        var recording = await RunAsync(Plan(service, [0]) with { Target = new Uri(service.Root, "/form") });
        recording.Records.Single().Outcome.ShouldBe(Outcome.OkWithinSlo);
        Convert.ToHexString(received.ShouldNotBeNull()).ShouldBe(Convert.ToHexString(Goldfish.Bytes));
    }

    private static RunPlan Plan(StubService service, double[] times) => new()
    {
        Target = service.Predict,
        Times = times,
        Pictures = [Goldfish],
        Seed = 1,
        WarmUpRequests = 1,
        Slo = TimeSpan.FromSeconds(30),
    };

    private static Task<RunRecording> RunAsync(RunPlan plan, CancellationTokenSource? interrupt = null) =>
        new OpenLoop(plan, new LiveCounters(TimeProvider.System), TimeProvider.System)
            .RunAsync(interrupt?.Token ?? TestContext.Current.CancellationToken);

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Hang(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }

    private static Task Close(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
