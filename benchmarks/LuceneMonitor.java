import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.CustomQueryHandler;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.MultipassTermFilteredPresearcher;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.monitor.QueryTree;
import org.apache.lucene.monitor.TermWeightor;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.Version;

/**
 * Lucene's monitor, asked by benchmarks/peers_lucene.py: {@code java LuceneMonitor.java FOLDER ROUNDS STEM}.
 *
 * <p>The folder holds "rules" (id, tab, query), "words" (word, tab, in how many texts it stands) and "pages" (an
 * article's bare words a line). Printed are Lucene's version, the seconds that registering took, and a line for each
 * page: nanoseconds, and the ids of its rules, all with tabs between them.
 */
class LuceneMonitor {
  private static final String FIELD = "text";
  private static final Analyzer WORDS = new WhitespaceAnalyzer();

  /** All is warm after so many pages, and so many rounds in a row that were not faster by 2 in 100 than the best. */
  private static final int PAGES = 20_000, STEADY = 5;

  public static void main(String[] asked) throws IOException, ParseException {
    Path folder = Path.of(asked[0]);
    int stem = Integer.parseInt(asked[2]);
    Map<String, Integer> frequency = new HashMap<>();
    for (String[] row : rows(folder.resolve("words"))) {
      frequency.put(row[0], Integer.valueOf(row[1]));
    }
    // A rule is indexed under the rarest group of words of which a page must have one, and under the next: with one
    // pass half as many articles are matched with 10,000 rules.
    TermWeightor rarest = term -> 1.0 / (1 + frequency.getOrDefault(term.text(), 0));
    List<CustomQueryHandler> endings = List.of(new Beginnings(stem));
    List<String[]> rules = rows(folder.resolve("rules"));
    long begin = System.nanoTime();
    try (Monitor monitor =
        new Monitor(WORDS, new MultipassTermFilteredPresearcher(2, 0, rarest, endings, Set.of()))) {
      register(monitor, rules);
      double seconds = (System.nanoTime() - begin) / 1e9;
      List<String> pages = Files.readAllLines(folder.resolve("pages"));
      warm(monitor, pages);
      measure(monitor, pages, Integer.parseInt(asked[1]), seconds);
    }
  }

  private static List<String[]> rows(Path path) throws IOException {
    List<String[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(path)) {
      rows.add(line.split("\t"));
    }
    return rows;
  }

  private static void register(Monitor monitor, List<String[]> rules) throws IOException, ParseException {
    QueryParser parser = new QueryParser(FIELD, WORDS);
    List<MonitorQuery> queries = new ArrayList<>();
    for (String[] rule : rules) {
      queries.add(new MonitorQuery(rule[0], parser.parse(rule[1])));
    }
    monitor.register(queries);
  }

  private static Iterable<QueryMatch> match(Monitor monitor, String page) throws IOException {
    Document document = new Document();
    document.add(new TextField(FIELD, page, Field.Store.NO));
    return monitor.match(document, QueryMatch.SIMPLE_MATCHER).getMatches();
  }

  private static void warm(Monitor monitor, List<String> pages) throws IOException {
    // Time of the processor: else a round that had to wait for other programs would pass for one that got no faster.
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    for (long read = 0, steady = 0; read < PAGES || steady < STEADY; read += Math.max(1, pages.size())) {
      long begin = clock.getCurrentThreadCpuTime();
      for (String page : pages) {
        match(monitor, page);
      }
      long taken = clock.getCurrentThreadCpuTime() - begin;
      steady = taken < best * 0.98 ? 0 : steady + 1;
      best = Math.min(best, taken);
    }
  }

  private static void measure(Monitor monitor, List<String> pages, int rounds, double seconds) throws IOException {
    long[] times = new long[pages.size()];
    Arrays.fill(times, Long.MAX_VALUE);
    List<Iterable<QueryMatch>> found = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      found.clear();
      for (int page = 0; page < times.length; page++) {
        long begin = System.nanoTime();
        found.add(match(monitor, pages.get(page)));
        times[page] = Math.min(times[page], System.nanoTime() - begin);
      }
    }
    try (PrintStream out = new PrintStream(new BufferedOutputStream(System.out))) {
      out.println(Version.LATEST + "\t" + seconds);
      for (int page = 0; page < times.length; page++) {
        out.print(times[page]);
        for (QueryMatch match : found.get(page)) {
          out.print("\t" + match.getQueryId());
        }
        out.println();
      }
    }
  }

  /**
   * What the monitor lacks: left to itself it tries a rule with an open ending on every page. Here such a rule is
   * indexed under the first letters of the word with an asterisk, and a page has those of each of its words.
   */
  private static class Beginnings implements CustomQueryHandler {
    private final int length;

    Beginnings(int length) {
      this.length = length;
    }

    @Override
    public QueryTree handleQuery(Query query, TermWeightor weightor) {
      if (!(query instanceof PrefixQuery)) {
        return null;
      }
      String beginning = ((PrefixQuery) query).getPrefix().text();
      if (beginning.length() < length) {
        return null;
      }
      return QueryTree.term(new Term(FIELD, beginning.substring(0, length) + "*"), weightor);
    }

    @Override
    public TokenStream wrapTermStream(String field, TokenStream words) {
      Set<String> seen = new HashSet<>();
      return new TokenFilter(words) {
        private final CharTermAttribute word = addAttribute(CharTermAttribute.class);
        private String beginning = "";

        @Override
        public boolean incrementToken() throws IOException {
          if (!beginning.isEmpty() && seen.add(beginning)) {
            clearAttributes();
            word.append(beginning).append('*');
            beginning = "";
            return true;
          }
          if (!input.incrementToken()) {
            return false;
          }
          beginning = word.length() < length ? "" : word.subSequence(0, length).toString();
          return true;
        }
      };
    }
  }
}
