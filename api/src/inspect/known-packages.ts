/** Packages by the name that one imports. What is among none of these is somebody's own code. */
const standard = `builtins __builtin__ copyreg copy_reg collections _codecs codecs datetime decimal fractions functools
  operator re math random uuid pathlib types array itertools string enum typing _operator _collections os sys posix nt
  subprocess io _io pickle _pickle importlib marshal ctypes socket shutil tempfile threading time calendar logging warnings
  inspect weakref abc contextlib dataclasses json copy bisect heapq struct hashlib base64 zipfile _loss zoneinfo _random
  argparse configparser asyncio multiprocessing runpy code pty platform webbrowser timeit pdb cProfile profile pip
  pkgutil commands commctrl distutils unittest doctest pydoc ast dis linecache trace traceback glob fnmatch http urllib
  ssl smtplib ftplib telnetlib xml sqlite3 dbm shelve signal resource fcntl gc site sysconfig exceptions __future__`;
const served = `sklearn numpy scipy pandas xgboost lightgbm catboost _catboost statsmodels imblearn joblib dill cloudpickle patsy
  pytz dateutil category_encoders threadpoolctl numexpr pyarrow`;
const others = `nltk spacy gensim keras tensorflow torch torchvision transformers sentence_transformers tf_keras surprise implicit
  lightfm mlxtend feature_engine prophet fbprophet pmdarima cv2 umap hdbscan shap lime deap tpot autosklearn pycaret h2o sksurv
  lifelines fastai flaml skopt optuna hyperopt sklearn_crfsuite textblob vaderSentiment PIL networkx face_recognition dlib
  tokenizers datasets fasttext wordcloud pyspark pyod sktime tslearn stable_baselines3 gym dask ray polars geopandas shapely
  ngboost interpret econml causalml sklearn_pandas skorch snapml cuml thundersvm tabpfn pytorch_tabnet autogluon emoji
  stopwordsiso contractions regex inltk indicnlp pymorphy2 snowballstemmer jieba konlpy bs4 requests flask fastapi pydantic
  matplotlib seaborn plotly mlflow onnx onnxruntime skl2onnx thinc srsly arch hmmlearn filterpy tqdm sympy numba llvmlite
  streamlit bokeh altair kmodes fuzzywuzzy rapidfuzz scikitplot yellowbrick pyclustering minisom lightning pytorch_lightning
  google openai langchain faiss annoy chromadb tiktoken`;

const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));
const [standardPackages, servedPackages, otherPackages] = [set(standard), set(served), set(others)];

const isStandard = (name: string): boolean => standardPackages.has(name);
/** Libraries that Picklepod builds environments for. */
export const isServed = (name: string): boolean => servedPackages.has(name);
export const isOtherLibrary = (name: string): boolean => otherPackages.has(name);
export const isOwnCode = (name: string): boolean =>
  !isStandard(name) && !isServed(name) && !isOtherLibrary(name) && name !== "";
