using System.Text;
using Keda.Inference.Ingress.Submission;

namespace Keda.Inference.Ingress.Tests.Security;

/// <summary>Runs alone, because it measures the memory of the process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class RandomBodyTests(Store store) : IngressTest(store)
{
    [Fact]
    public async Task Bodies_AThousandAtRandom_GetAClearErrorAndLeaveMemoryFlat()
    {
        var host = await StartAsync();
        var random = new Random(42);
        string[] types = ["image/jpeg", "multipart/form-data; boundary=b", "application/json", "application/octet-stream", "text/plain", "x", "multipart/form-data"];
        string[] starts = ["", "{\"image\":\"", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\n", "RIFF", "{\"inputs\":[{"];
        await SendRandomAsync(100);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SendRandomAsync(1000);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        grown.ShouldBeLessThan(8_000_000);
        var budget = (BodyBudget)host.App.Services.GetService(typeof(BodyBudget))!;
        await EventuallyAsync(() => Task.FromResult(budget.Taken == 0), "every buffer is given back");
        (await host.Queue.GetSignalsAsync(Cancellation)).Arrivals.ShouldBe(0);

        async Task SendRandomAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var noise = new byte[random.Next(20_000)];
                random.NextBytes(noise);
                byte[] body = [.. Encoding.ASCII.GetBytes(starts[random.Next(starts.Length)]), .. noise];
                var path = i % 5 == 0 ? $"/v2/models/{host.Queue.Name}/infer" : "/predict";
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
                request.Content.Headers.TryAddWithoutValidation("Content-Type", types[random.Next(types.Length)]);
                using var response = await host.Client.SendAsync(request, Cancellation);
                ((int)response.StatusCode).ShouldBeInRange(400, 499);
                (await JsonAsync(response)).EnumerateObject().ShouldNotBeEmpty();
            }
        }
    }
}
