using System.Net;
using System.Text;
using Keda.Inference.Ingress.Submission;

namespace Keda.Inference.Ingress.Tests.Security;

/// <summary>What comes from outside with bad intentions.</summary>
public sealed class HostileTests(Store store) : IngressTest(store)
{
    private const string Head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\n";

    [Fact]
    public async Task Headers_ThatNeverEnd_TimeOut()
    {
        var host = await StartAsync(StoreKind.Embedded, "Ingress:HeadersTimeoutSeconds=1");
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nX-A: ");
        (await connection.ReadAnswerAsync()).Status.ShouldBe(408);
    }

    [Fact]
    public async Task Body_ThatTrickles_TimesOut()
    {
        var host = await StartAsync(StoreKind.Embedded, "Ingress:MinBodyBytesPerSecond=100000");
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(Head + "Content-Length: 100000\r\n\r\n");
        await connection.Stream.WriteAsync(Jpeg.AsMemory(0, 100), Cancellation);
        var (status, text) = await connection.ReadAnswerAsync();
        status.ShouldBe(408, text);
        text.ShouldContain("body-too-slow");
        await ShouldHoldNothingAsync(host);
    }

    [Fact]
    public async Task Body_AnnouncedTooLarge_IsRefusedAtOnce()
    {
        var host = await StartAsync(StoreKind.Embedded, "Ingress:MaxBodyBytes=100000");
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(Head + "Content-Length: 99999999999\r\n\r\n");
        var (status, text) = await connection.ReadAnswerAsync();
        status.ShouldBe(413, text);
        text.ShouldContain("at most 100000 bytes");
    }

    [Fact]
    public async Task Body_ChunkedWithoutEnd_IsCutOffAtTheLimit()
    {
        var host = await StartAsync(StoreKind.Embedded, "Ingress:MaxBodyBytes=100000");
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(Head + "Transfer-Encoding: chunked\r\n\r\n");
        var answer = connection.ReadAnswerAsync();
        var chunk = Encoding.Latin1.GetBytes("1000\r\n").Concat(Jpeg.Concat(new byte[4096]).Take(4096)).Concat("\r\n"u8.ToArray()).ToArray();
        try
        {
            for (var i = 0; i < 1000 && !answer.IsCompleted; i++)
                await connection.Stream.WriteAsync(chunk, Cancellation);
        }
        catch (IOException)
        {
            // It hung up, as it should.
        }

        var (status, text) = await answer;
        status.ShouldBe(413, text);
        await ShouldHoldNothingAsync(host);
    }

    [Fact]
    public async Task Body_ThatIsNoPicture_IsRefusedBeforeItsEnd()
    {
        var host = await Store.RefusingHostAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(Head + "Content-Length: 9000000\r\n\r\nthis is no picture at all");
        (await connection.ReadAnswerAsync()).Status.ShouldBe(415);
    }

    [Fact]
    public async Task FormField_ThatIsNoPicture_IsRefusedBeforeItsEnd()
    {
        var host = await Store.RefusingHostAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nthis is no picture at all");
        (await connection.ReadAnswerAsync()).Status.ShouldBe(415);
    }

    [Theory]
    [InlineData("X-A: a\r\n", 100)]
    [InlineData("X-Long: {0}\r\n", 1)]
    public async Task Headers_Flood_IsRefused(string header, int times)
    {
        var host = await Store.RefusingHostAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(
            "GET / HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Repeat(string.Format(null, header, new string('a', 20_000)), times)) + "\r\n");
        (await connection.ReadAnswerAsync()).Status.ShouldBe(431);
    }

    [Theory]
    [InlineData("GET /../../etc/passwd HTTP/1.1", 404)]
    [InlineData("GET /page/..%2f..%2fetc%2fpasswd HTTP/1.1", 404)]
    [InlineData("GET /page/%2e%2e/%2e%2e/etc/passwd HTTP/1.1", 404)]
    [InlineData("GET /page/app.js%00.png HTTP/1.1", 400)]
    [InlineData("GET //page//app.js HTTP/1.1", 404)]
    [InlineData("POST /functions/..%2fother/predict HTTP/1.1", 404)]
    [InlineData("POST /functions/%7b%7d/predict HTTP/1.1", 404)]
    [InlineData("GET \\windows HTTP/1.1", 400)]
    [InlineData("nonsense", 400)]
    [InlineData("TRACE / HTTP/1.1", 405)]
    [InlineData("CONNECT x:443 HTTP/1.1", 400)]
    [InlineData("PUT /predict HTTP/1.1", 405)]
    public async Task Path_Tricky_LeadsNowhere(string line, int expected)
    {
        var host = await Store.RefusingHostAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync($"{line}\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        var (status, text) = await connection.ReadAnswerAsync();
        status.ShouldBe(expected, text);
        text.ShouldNotContain("root:");
    }

    [Fact]
    public async Task Path_TooLong_IsRefused()
    {
        var host = await Store.RefusingHostAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync($"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n");
        (await connection.ReadAnswerAsync()).Status.ShouldBe(414);
    }

    [Fact]
    public async Task Requests_SmuggledByTwoLengths_AreRefused()
    {
        var host = await Store.RefusingHostAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(Head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef");
        (await connection.ReadAnswerAsync()).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Memory_OfAnnouncedBodies_IsNotTakenBeforeTheyCome()
    {
        var host = await StartAsync();
        var connections = new List<RawConnection>();
        for (var i = 0; i < 100; i++)
        {
            var connection = await RawConnection.OpenAsync(host.Address);
            connections.Add(connection);
            await connection.SendAsync(Head + "Content-Length: 10000000\r\n\r\n");
            await connection.Stream.WriteAsync(Jpeg, Cancellation);
        }

        var budget = (BodyBudget)host.App.Services.GetService(typeof(BodyBudget))!;
        await EventuallyAsync(() => Task.FromResult(budget.Taken > 0), "bodies arrive");
        budget.Taken.ShouldBeLessThan(100 * 300_000);
        connections.ForEach(connection => connection.Dispose());
        await ShouldHoldNothingAsync(host);
    }

    [Fact]
    public async Task Bodies_BeyondTheBudget_AreRefusedWhileOthersCome()
    {
        var host = await StartAsync(StoreKind.Embedded, "Ingress:MaxBodyBytes=1000000", "Ingress:MaxBufferedBytes=1100000");
        using var first = await RawConnection.OpenAsync(host.Address);
        await first.SendAsync(Head + "Content-Length: 1000000\r\n\r\n");
        await first.Stream.WriteAsync(Jpeg.Concat(new byte[600_000]).ToArray(), Cancellation);
        var budget = (BodyBudget)host.App.Services.GetService(typeof(BodyBudget))!;
        await EventuallyAsync(() => Task.FromResult(budget.Taken > 900_000), "the first body takes its share");
        using var second = await host.Client.SendAsync(IngressHost.Picture([.. Jpeg, .. new byte[300_000]]), Cancellation);
        await ShouldBeProblemAsync(second, HttpStatusCode.ServiceUnavailable, "overloaded");
    }

    private static async Task ShouldHoldNothingAsync(IngressHost host)
    {
        var budget = (BodyBudget)host.App.Services.GetService(typeof(BodyBudget))!;
        await EventuallyAsync(() => Task.FromResult(budget.Taken == 0), "every buffer is given back");
    }
}
